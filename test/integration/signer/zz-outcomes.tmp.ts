import { openBrowser } from '../../support/browser.ts';
import { openSignerWorld } from './signer-world.ts';
import { stopTestServer } from '../../support/store.ts';
import { markSealed, markCompleted, cancelSigning } from '../../../app/domain/transitions/end-signing.ts';
import { storedFile } from '../../support/signing-builder.ts';
const w = await openSignerWorld();
const b = await openBrowser({width:360,height:740,mobile:true});
const d = await openBrowser({width:1440,height:900, locale:'en-US'});
const shot = async (c: typeof b, n: string, url: string) => { const page = await c.context.newPage(); await page.goto(url); await page.waitForTimeout(500); await page.screenshot({ path: `/tmp/shots/o-${n}.png`, fullPage: true }); await page.close(); };
const s = await w.send();
await shot(b, 'notyet', w.linkOf(s,'s2'));
await shot(b, 'invalid', w.linkOf(s,'s2')+'x');
const c1 = await w.identified(s,'s1'); console.log((await c1.sign()).status);
const c2 = await w.identified(s,'s2'); console.log((await c2.sign()).status);
await shot(b, 'sealing', w.linkOf(s,'s2'));
await w.changeSigning(s.id, (x,now)=>markCompleted(markSealed(x,{signedFile:x.bundle!,report:storedFile('r')},now),{signed:'1'},now));
await shot(b, 'completed', w.linkOf(s,'s2'));
await shot(d, 'completed-d', w.linkOf(s,'s2')+'?lang=en');
const s2 = await w.send({language:'en', message:'Hello', signers: s.signers.map(x=>({...x,language:'en' as const, name: x.id==='s1'?'Anna Petrova':'John Smith'})) as any});
await shot(d, 'sign-en', w.linkOf(s2,'s1'));
w.pass(15*24*3600);
await shot(b, 'expired', w.linkOf(s2,'s1'));
console.log(b.complaints,d.complaints);
// mails
const { writeFileSync } = await import('node:fs');
for (const kind of ['invitation','code','completed','declined'] as const) {
  const l = await w.letters.mail({kind, signing: {...s, message:'Добрый день!\nПодпишите, пожалуйста.', signedFile: s.bundle!}, signer: s.signers[0]!, link:'http://127.0.0.1/s/xxx', code: kind==='code'?'123456':undefined as any, attached:true});
  writeFileSync(`/tmp/shots/${kind}.html`, l.html); if(kind!=='declined') console.log(l.subject,'|',l.fromName,'\n',l.text);
}
const page = await b.context.newPage();
await page.goto('file:///tmp/shots/invitation.html'); await page.screenshot({path:'/tmp/shots/mail-m.png',fullPage:true});
await page.emulateMedia({colorScheme:'dark'}); await page.goto('file:///tmp/shots/completed.html'); await page.screenshot({path:'/tmp/shots/mail-dark.png',fullPage:true});
const p2 = await d.context.newPage(); await p2.goto('file:///tmp/shots/code.html'); await p2.screenshot({path:'/tmp/shots/mail-code.png'});
await b.close(); await d.close(); await w.close(); await stopTestServer();
